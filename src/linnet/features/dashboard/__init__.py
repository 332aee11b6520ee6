"""The numbers of staff: measures by day, what they are made up of, and who stays."""
