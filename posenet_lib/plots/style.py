"""Colours that colour-blind readers tell apart (Okabe and Ito, 2008); each also differs in marker or line style."""

BLUE, ORANGE, GREEN, VERMILION, PURPLE, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#777777"
CRIMSON = "#B3003C"  # vermilion lies too near to orange where truth and prediction are one knot
TRAIN, TEST, PREDICTED = BLUE, ORANGE, CRIMSON
LINE_STYLES = ("-", "--", "-.", ":")
SERIES = (VERMILION, BLUE, GREEN, GREY)
