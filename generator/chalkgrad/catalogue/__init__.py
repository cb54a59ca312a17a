"""What a spec can name: tables of rows.  A new activation, loss or optimizer is one row here."""
