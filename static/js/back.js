// Lets “back” lead to the page where the file was chosen. Without this the browser asks whether to send it again.
history.replaceState(null, "", location.href);
