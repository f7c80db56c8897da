"""The sub-commands of `posenet`: what the user types on one side, the library on the other."""
