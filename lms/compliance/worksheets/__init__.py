"""Verification worksheets: written by a facility, attested by its trainer through a mailed link."""
