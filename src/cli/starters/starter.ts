/** What a starter scenario is written for. */
export interface Starter {
  /** Of the scenario; its results go to the folder of that name. */
  readonly name: string;
  /** How a shell names the file, to be read in the comments. */
  readonly file: string;
}
