"""The ground every register and assessment stands on, and the front door."""
