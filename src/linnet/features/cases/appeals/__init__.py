"""Appeals against decisions about texts and against strikes: one for each, and somebody's answer (decision 0045)."""
