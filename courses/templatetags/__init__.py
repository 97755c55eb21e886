"""What course pages need and templates cannot do."""
