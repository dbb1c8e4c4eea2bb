"""Writing papers as tagged PDF: no database, no word of the field."""
