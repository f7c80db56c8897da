"""`posenet experiment`: many runs from one file, beside each other in one table. plan -> run -> table, figures, report."""
