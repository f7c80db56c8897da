"""`posenet experiment`: many runs from one file, side by side in one table. plan -> run -> table."""
