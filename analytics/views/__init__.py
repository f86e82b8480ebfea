"""Pages of progress: a team's, its people's and modules', and for the client's people all companies'."""
