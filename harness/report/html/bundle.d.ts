/** The app as one script, made by `.ci/bundle.mjs`; it holds nothing that would end its element. */
export declare const SCRIPT: string;
/** Its style. */
export declare const STYLE: string;
