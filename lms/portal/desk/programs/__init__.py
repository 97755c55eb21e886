"""Outside programs that count: what the office keeps for facilities to record scans of."""
