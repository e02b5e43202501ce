/** Every bound of the simulated printer, in one place. A limit that is reached is said in `state().errors` or by back-pressure. */

/** Bytes the printer holds unread while it cannot print; beyond it the socket is no longer read, as on a real port 9100. */
export const RECEIVE_BUFFER_BYTES_MAX = 65_536;
/** Answers a host does not fetch are thrown away beyond this, so that a deaf host costs no memory. */
export const ANSWER_BYTES_WAITING_MAX = 65_536;
/** Connections waiting behind the one being served; more are reset. */
export const CONNECTIONS_MAX = 8;
/** Widest raster a GS v 0 may announce: 1,024 dots. */
export const RASTER_WIDTH_BYTES_MAX = 128;
/** Tallest raster a GS v 0 may announce. */
export const RASTER_HEIGHT_DOTS_MAX = 4_095;
/** Most bytes a QR symbol can carry (version 40, level L, byte mode). */
export const QR_BYTES_MAX = 2_953;
/** Parameters of a command that ends with NUL (tab stops, old barcodes). */
export const TERMINATED_BYTES_MAX = 255;
/** Characters and images in one line; overprinting with ESC $ could otherwise collect them for ever. */
export const LINE_PIECES_MAX = 512;
/** Rows kept on the roll: some 75 m of paper. Older slips are thrown away first. */
export const ROWS_KEPT_MAX = 20_000;
/** Packed image bytes kept on the roll. */
export const IMAGE_BYTES_KEPT_MAX = 16 * 1024 * 1024;
/** Entries kept in the error log, the newest of them. */
export const ERRORS_KEPT_MAX = 200;
/** Tallest picture drawn; of a longer roll the end (1.5 m) is shown. */
export const PICTURE_HEIGHT_DOTS_MAX = 12_000;
/** Tries, 50 ms apart, to listen again on the port after a fault had closed it. */
export const LISTEN_TRIES_MAX = 100;
/** Acknowledgements held back by the fault `ack-late`. */
export const LATE_ACKNOWLEDGEMENTS_MAX = 64;
