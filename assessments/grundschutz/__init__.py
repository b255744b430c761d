"""IT-Grundschutz of the BSI: catalogue, modelling, check and progress."""
