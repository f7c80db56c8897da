"""What an instructor decides beside the points of the hidden cells, read from small files.

roster              who is in the class, as a learning platform knows it
late_policy         late days: deadline, grace days, extensions, penalty
manual_points       points and comments by hand, in grades.csv
gradescope_settings what students see on Gradescope, and when
final_grade         all of it together, for one student
"""
