"""Posts for later: settled when they are written, published once when their time has come."""
