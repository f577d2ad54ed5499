-- The documents of a data folder as the program wrote them that knew agents, customers and tags only. Never changed: such folders exist.
PRAGMA journal_mode = WAL;
PRAGMA user_version = 1;
CREATE TABLE commits (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL) STRICT;
INSERT INTO "commits" VALUES(1,7);
CREATE TABLE documents (
     collection TEXT NOT NULL,
     id TEXT NOT NULL,
     version INTEGER NOT NULL,
     creation_utc TEXT NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
INSERT INTO "documents" VALUES('customers','guest',1,'2026-11-20T11:08:41.906000Z','{"name":"Guest","metadata":{"lang":"de"},"tags":[]}');
INSERT INTO "documents" VALUES('tags','z0BHxMSm1b',1,'2026-11-20T11:08:42.002000Z','{"name":"vip"}');
INSERT INTO "documents" VALUES('tags','ki3gFjBnMy',1,'2026-11-20T11:08:42.237000Z','{"name":"gold ★"}');
INSERT INTO "documents" VALUES('agents','JLz2VbbPuT',1,'2026-11-20T11:08:42.240000Z','{"description":"Sells phones","maxEngineIterations":3,"compositionMode":"fluid","messageOutputMode":"block","tags":["z0BHxMSm1b"],"name":"Haxon"}');
INSERT INTO "documents" VALUES('agents','my agent/1',1,'2026-11-20T11:08:42.243000Z','{"description":null,"maxEngineIterations":5,"compositionMode":"strict_canned","messageOutputMode":"stream","tags":[],"name":"Ünï 🤖"}');
INSERT INTO "documents" VALUES('customers','6FWB7PxJLP',1,'2026-11-20T11:08:42.246000Z','{"name":"Beth","metadata":{"plan":"gold"},"tags":["z0BHxMSm1b","ki3gFjBnMy","agent:my agent/1"]}');
INSERT INTO "documents" VALUES('customers','crm:4711',1,'2026-11-20T11:08:42.247000Z','{"name":"crm:4711","metadata":{},"tags":[]}');
CREATE TABLE members (
     collection TEXT NOT NULL,
     field TEXT NOT NULL,
     value ANY NOT NULL,
     id TEXT NOT NULL,
     PRIMARY KEY (collection, field, value, id)
   ) STRICT, WITHOUT ROWID;
INSERT INTO "members" VALUES('agents','tags','z0BHxMSm1b','JLz2VbbPuT');
INSERT INTO "members" VALUES('customers','tags','agent:my agent/1','6FWB7PxJLP');
INSERT INTO "members" VALUES('customers','tags','ki3gFjBnMy','6FWB7PxJLP');
INSERT INTO "members" VALUES('customers','tags','z0BHxMSm1b','6FWB7PxJLP');
CREATE UNIQUE INDEX documents_by_id ON documents (collection, id);
CREATE INDEX documents_by_creation ON documents (collection, creation_utc, id);
CREATE INDEX documents_by_version ON documents (collection, version);
CREATE TRIGGER "declared:agents:tags:insert" AFTER INSERT ON documents WHEN new.collection = 'agents' BEGIN INSERT OR IGNORE INTO members SELECT 'agents', 'tags', value, new.id
    FROM json_each(new.body, '$.tags'); END;
CREATE TRIGGER "declared:agents:tags:update" AFTER UPDATE OF body ON documents WHEN new.collection = 'agents' BEGIN DELETE FROM members WHERE collection = 'agents' AND field = 'tags' AND id = old.id
    AND value IN (SELECT value FROM json_each(old.body, '$.tags'));INSERT OR IGNORE INTO members SELECT 'agents', 'tags', value, new.id
    FROM json_each(new.body, '$.tags'); END;
CREATE TRIGGER "declared:agents:tags:delete" AFTER DELETE ON documents WHEN old.collection = 'agents' BEGIN DELETE FROM members WHERE collection = 'agents' AND field = 'tags' AND id = old.id
    AND value IN (SELECT value FROM json_each(old.body, '$.tags')); END;
CREATE TRIGGER "declared:customers:tags:insert" AFTER INSERT ON documents WHEN new.collection = 'customers' BEGIN INSERT OR IGNORE INTO members SELECT 'customers', 'tags', value, new.id
    FROM json_each(new.body, '$.tags'); END;
CREATE TRIGGER "declared:customers:tags:update" AFTER UPDATE OF body ON documents WHEN new.collection = 'customers' BEGIN DELETE FROM members WHERE collection = 'customers' AND field = 'tags' AND id = old.id
    AND value IN (SELECT value FROM json_each(old.body, '$.tags'));INSERT OR IGNORE INTO members SELECT 'customers', 'tags', value, new.id
    FROM json_each(new.body, '$.tags'); END;
CREATE TRIGGER "declared:customers:tags:delete" AFTER DELETE ON documents WHEN old.collection = 'customers' BEGIN DELETE FROM members WHERE collection = 'customers' AND field = 'tags' AND id = old.id
    AND value IN (SELECT value FROM json_each(old.body, '$.tags')); END;
CREATE UNIQUE INDEX "declared:tags:name" ON documents (json_extract(body, '$.name')) WHERE collection = 'tags';
