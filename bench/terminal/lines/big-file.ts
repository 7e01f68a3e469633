/** A text of 50 MB that ends with a word of its own, as a command that makes it. */

export const BIG_FILE = '/tmp/codesync-bench-big.txt';
const LINES = 800_000;
/** What its last line has, and no other. */
export const LAST_LINE = 'the end of it all';

export const MAKE_BIG_FILE = `seq -f 'line %010.0f of a text that is as wide as most of them' ${LINES} > ${BIG_FILE}; echo '${LAST_LINE}' >> ${BIG_FILE}`;
