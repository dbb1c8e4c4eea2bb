"""Reading and writing spreadsheets: no database, no word of the field."""
