"""What staff see of campaigns that were recognised, and how they say that one is none."""
