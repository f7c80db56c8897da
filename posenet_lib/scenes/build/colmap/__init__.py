"""What runs in COLMAP's own process (`posenet_lib.scenes.build.own_process` starts it). Nothing else imports this."""
