"""`posenet benchmark`: the handout's way and this workbook's, measured side by side on the same photos."""
