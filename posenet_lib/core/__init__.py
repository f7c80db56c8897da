"""What every room needs: errors, files, settings, folders, the device."""
