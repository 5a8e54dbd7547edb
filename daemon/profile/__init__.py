"""``madoguchi profile``: a municipality's profile for those who write it: checked, shown, published."""
