"""What every app uses and no app owns. It imports no app and knows nothing of treaties, campaigns or news."""
