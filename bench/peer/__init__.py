"""The peer: django-post-office, the mail queue that most Django projects take."""
