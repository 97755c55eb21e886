"""The attendance desk of a session: the report from Webex, who is whom, and what it comes to."""
