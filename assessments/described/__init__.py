"""What activities and impact assessments may say of their measures: in words, from the IT-Grundschutz check."""
