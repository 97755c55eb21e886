"""What an agency's training liaison works with: own people, what they are asked for, by when."""
