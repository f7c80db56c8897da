"""PoseNet workbook: camera relocalization from one photo, step by step.

The modules follow the pipeline: scenes -> data -> model -> training -> evaluation -> plots. Importing the package
itself costs nothing; each module imports what it needs (only those from `transforms` on need torch).
"""
