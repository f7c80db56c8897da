"""What students hand in, read and trusted in nothing.

submissions         whose notebooks are there: folders, zips, single files; names keep apart (`student_names`)
read_submission     reads one student's notebooks, from zips too (`read_zip`), within bounds (`submitted_files`)
answer_cells        which cells of them are answers, read as Python by `magics`; nothing more is taken
plain_text          makes text of students safe to show
hand_in_times       when each student handed in
receipt             a short code of what was handed in

On the student's own machine: `hand_in` is `posenet submit`, `self_check` runs the visible checks of one notebook.
"""
