"""Predictions and how good they are: errors, baselines, uncertainty, and the report on a scene."""
