"""What activities and impact assessments say of their measures: in words, from the IT-Grundschutz check."""
