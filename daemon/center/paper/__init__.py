"""What is on the paper besides the certificate itself: the pattern against copies, the signed back side."""
