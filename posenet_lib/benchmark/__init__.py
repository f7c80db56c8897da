"""`posenet benchmark`: the handout's way and this workbook's, measured in turns on the same photos."""
