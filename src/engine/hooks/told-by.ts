/** In the metadata of what the program's own functions tell: which of them it was, by the name of the hook or the id of what it belongs to. */
export const toldByKey = 'told_by';
