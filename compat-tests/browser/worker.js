// The page's worker.
onmessage = ({ data }) => {
    if (data.load) {
        try {
            importScripts(data.load);
        } catch {
            // What came back is no script.
        }
    } else {
        fetch(data.fetch, data.options).catch(() => {});
    }
};
