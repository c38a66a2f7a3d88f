"""What can be done to an entry of the response board: choices, their questions, the commands they become; pure."""
