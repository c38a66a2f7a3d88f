"""The composition root: alone knows every concrete class and puts a room together."""
