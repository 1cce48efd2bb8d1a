const MOST = 8;
const DAY = 24 * 60 * 60 * 1000;
const NAME = "pictures";

/**
 * Keeps a picture's file in this browser for a day, also for when the page is loaded again; the oldest of many is
 * forgotten. Where the browser keeps nothing (a private window, no room) nothing is kept, and nothing fails.
 *
 * @param {string} id what the server calls it
 * @param {Blob} file
 */
export async function keepPicture(id, file) {
  try {
    const pictures = await opened("readwrite");
    pictures.put({ id, file, time: Date.now() });
    const all = /** @type {{id: string, time: number}[]} */ (await result(pictures.getAll()));
    for (const old of outlived(all, Date.now())) pictures.delete(old);
  } catch {
    return;
  }
}

/**
 * Which of the kept pictures are to go: what is older than a day, and the oldest beyond eight.
 *
 * @param {{id: string, time: number}[]} all with the milliseconds at which each was kept
 * @param {number} now
 * @returns {string[]} their ids
 */
export function outlived(all, now) {
  const newest = all.filter(({ time }) => time > now - DAY).sort((a, b) => b.time - a.time);
  const stay = newest.slice(0, MOST);
  return all.filter((one) => !stay.includes(one)).map(({ id }) => id);
}

/** Forgets the file that was uploaded under this id. @param {string} id */
export async function forgetPicture(id) {
  try {
    await result((await opened("readwrite")).delete(id));
  } catch {
    return;
  }
}

/**
 * @param {string} id
 * @returns {Promise<Blob | undefined>} the file that was uploaded under this id, where this browser still has it
 */
export async function keptPicture(id) {
  try {
    return (await result((await opened("readonly")).get(id)))?.file;
  } catch {
    return undefined;
  }
}

/** @param {IDBTransactionMode} mode */
async function opened(mode) {
  const opening = indexedDB.open("lente", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(NAME, { keyPath: "id" });
  const database = await result(opening);
  const transaction = database.transaction(NAME, mode);
  transaction.oncomplete = transaction.onabort = () => database.close();
  return transaction.objectStore(NAME);
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
