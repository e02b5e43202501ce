/** A reason not to start on this store, in words. */
export class StoreRefusal extends Error {
  readonly whatToDo: string;
  constructor(error: string, whatToDo: string) {
    super(error);
    this.name = 'StoreRefusal';
    this.whatToDo = whatToDo;
  }
}
