"""Gold questions, measures, runs, reports, calibration and feedback."""
