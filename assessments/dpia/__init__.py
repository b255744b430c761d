"""The data protection impact assessment (Datenschutz-Folgenabschätzung), Art. 35 GDPR."""
