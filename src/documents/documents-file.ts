/** Where documents are kept in the data folder; by itself, so that whoever copies the file need not load the store. */
export const documentsFile = 'documents.db';
