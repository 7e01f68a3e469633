// For the answer that a frame of another page gets. The server does not see what stands behind the “#” of an address:
// a link to a room has its secret there.
document.querySelector('a').href = location.href;
