/* The editor's scripts start here. */
