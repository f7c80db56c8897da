"""Files made of results: for students, for instructors, for learning platforms.

report              grades.csv, the histogram, and each student's files: feedback_page, gradescope
similar             answers that are the same but for names and formatting; side by side in `similar_pages`
history             what has changed since the run before
learning_platforms  points for Canvas and Moodle
"""
