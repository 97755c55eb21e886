"""A facility's or a company's list of employees: uploaded, looked at, mended, taken over."""
